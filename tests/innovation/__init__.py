"""创新创优 from the topic catalogue to the bonus."""
