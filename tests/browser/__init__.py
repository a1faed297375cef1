"""Tests in a real browser: the pages as people use them, and the browser code on its own (assets/)."""
