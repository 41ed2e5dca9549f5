"""HubSpot as the CRM, over its published interface."""
