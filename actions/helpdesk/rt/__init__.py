"""Request Tracker 5 as the helpdesk, over its REST 2.0 interface."""
