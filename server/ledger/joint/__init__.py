"""Joint enforcement: several units act together on many cases, decided by the subdistrict."""
