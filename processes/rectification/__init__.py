"""整改与问责 (P15, P20): decisions on opinions, complaints and sanctions. Nothing here yet but the rules."""
