"""The browser code on its own: small pages, a recording server instead of the application."""
