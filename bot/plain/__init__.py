"""The same conversation for browsers without JavaScript: a page, a form, and a cookie that only we read."""
