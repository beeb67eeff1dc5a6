"""The log's mathematics: RFC 6962 trees, signed notes, checkpoints, receipts. Pure."""
