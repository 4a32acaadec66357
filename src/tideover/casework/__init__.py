"""The operations plane: the people who are in arrears, one by one."""
