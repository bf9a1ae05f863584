"""How offline work arrives once and only once; knows mutations and change numbers, not inspections."""
