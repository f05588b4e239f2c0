"""Who: people, their roles, and guests' workspaces."""
