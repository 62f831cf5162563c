"""A sample CRM and questions to it: what `querykit demo` shows."""
