"""The register of complaints in Excel, without who complained."""
