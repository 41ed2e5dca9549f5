"""What exists in the demo only: everybody's mailbox, time travel, a look behind the scenes, a reset."""
