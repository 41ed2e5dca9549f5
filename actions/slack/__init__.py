"""What Slack is told, what it delivered, and who works there: tables and queue. The app is `bot.slack`."""
