class Telling:
    def __init__(self, *a):
        pass

    def event(self, *a):
        pass

    def due(self, *a):
        pass

    def close(self):
        pass
