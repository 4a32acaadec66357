"""WhatsApp Cloud API, by pywa."""
