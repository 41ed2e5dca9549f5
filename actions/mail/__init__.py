"""Mail: letters written from templates, sent by the worker, never in the request."""
