"""创新创优 (P18): decisions on experts' marks and awards. Nothing here yet but the rules."""
