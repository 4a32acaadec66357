"""Letters are handed to whoever prints them: a zip of PDFs with a manifest, status files back."""
