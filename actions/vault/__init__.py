"""The vault: values that the engine must never see, encrypted, held by one conversation, expiring."""
