"""Pure analysis: an answer in, a report out; no Flask, no database, no network."""
