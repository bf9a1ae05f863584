"""What units and people are told: an inbox in the product, webhooks, e-mail. Knows nothing of cases."""
