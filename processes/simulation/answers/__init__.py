"""What people of the virtual city write into the forms that lie before them, one module a stage.

An answer is chosen by process and step, or by the form; a step that nobody knows is filled in by its form
alone (`fallback`), so that a new step never stops the year. How often that was so is counted.
"""
