"""The words people read: Chinese with the punctuation of Chinese, units as they are written."""
