"""A month's report for a manager: how many requests, which rights, how quick, how many refused."""
