"""What goes in and out: commands, files, the report. They see everything; nothing sees them."""
