"""The Home tab: where do I stand?"""
