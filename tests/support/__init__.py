"""What tests share: small deliveries, a reception in a temporary home, and the search for secrets."""
