"""Block Kit as pictures: what stands in the stand-in Slack, drawn the way Slack shows it."""
