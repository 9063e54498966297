from tanghulu.apps.jobs.search.tokens import contains, tenant_token, tokens, wanted


class TestTokens:
    def test_are_pairs_of_chinese_characters_and_whole_words_of_others(self) -> None:
        assert tokens("拉开隔离") == ["拉开", "开隔", "隔离", "离"]
        assert tokens("Lock L-588 锁") == ["lock", "l", "588", "锁"]

    def test_are_the_same_for_letters_of_any_width(self) -> None:
        assert tokens("Ｃ３皮带") == tokens("c3皮带")

    def test_of_signs_are_none(self) -> None:
        assert tokens("，。'\"*()!&|:") == []


class TestWanted:
    def test_are_exact_pairs_and_beginnings_of_words(self) -> None:
        assert wanted("隔离开关") == [("隔离", False), ("离开", False), ("开关", False)]
        assert wanted("锁 C3") == [("锁", True), ("c3", True)]

    def test_are_always_found_among_the_tokens_of_a_text_with_the_words(self) -> None:
        text = "皮带跑偏，锁 L-588 打不开"
        for word in ("跑偏", "偏", "开", "l-5", "打不开", "锁"):
            have = tokens(text)
            assert all(
                any(one.startswith(token) if goes_on else one == token for one in have)
                for token, goes_on in wanted(word)
            ), word


class TestContains:
    def test_asks_for_the_word_as_a_whole(self) -> None:
        assert contains("隔离开关", "离开")
        assert not contains("隔离，开关", "离开")


class TestTenantToken:
    def test_differs_between_companies(self) -> None:
        assert tenant_token("harbour") != tenant_token("quarry")
