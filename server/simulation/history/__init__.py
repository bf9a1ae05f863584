"""Two years that never were: inspections, cases and photos of the demo places, by the product's own rules."""
