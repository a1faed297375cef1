"""What leaves the house: mail and webhooks, as the settings say. The engine's outbox decides when.

No module here knows of instances or diagrams; each hands over one letter, or raises.
"""
