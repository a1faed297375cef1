"""What pages and programs are shown of a task: its form, its fields, what may be done, who comes next."""
