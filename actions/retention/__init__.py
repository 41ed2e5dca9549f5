"""Retention: our own data expire by the rules in `data/retention.yml`, unless a legal hold keeps them."""
