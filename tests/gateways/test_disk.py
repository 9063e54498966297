from tanghulu.gateways.disk import DataDisk, MemoryDisk, Room


class TestDataDisk:
    def test_says_how_much_room_there_is(self) -> None:
        room = DataDisk().room()
        assert 0 <= room.free <= room.total
        assert room.total > 0


class TestMemoryDisk:
    def test_is_as_full_as_one_says(self) -> None:
        assert MemoryDisk(1, 10).room() == Room(free=1, total=10)
