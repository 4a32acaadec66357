"""Law, money and policy as pure functions of facts and a date. Standard library only."""
