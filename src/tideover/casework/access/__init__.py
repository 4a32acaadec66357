"""Access: who works here, what each may see and do, and who looked at whom."""
