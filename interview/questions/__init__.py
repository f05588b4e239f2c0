"""The question bank: prompts, their history, import and export."""
