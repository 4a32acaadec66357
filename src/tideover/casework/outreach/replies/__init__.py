"""What customers write back, understood on this machine: nothing is fetched, nothing leaves."""
