"""Pages of webhooks (推送): how far each is, what was not delivered."""
