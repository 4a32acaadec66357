"""Success statements: what is charged for payments that followed a message, month by month."""
