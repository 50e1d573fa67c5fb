"""What the app's installation tells: tokens that are revoked, and that it is gone."""
