"""The operations plane: cases of people in arrears, what is sent to them and what comes back."""
