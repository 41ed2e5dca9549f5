"""What Slack is to be told and what we have told it: tables and queue. Talking to Slack is `bot.slack`'s."""
