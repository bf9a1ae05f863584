"""What siting reckons with: distances, prices, rates of demand, spare power, forbidden ground."""
