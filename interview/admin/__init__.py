"""The admins' room: question bank, people, policy, health of the queue, audit log."""
