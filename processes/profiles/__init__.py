"""City schemes, one YAML file each: what a city may change without a programmer."""
