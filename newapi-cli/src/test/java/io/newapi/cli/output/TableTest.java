package io.newapi.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table(3);
        table.alignRight(1);
        table.add(List.of("name", "n", "end"));
        table.add(List.of("a", "1234", "x"));

        assertThat(table.lines()).containsExactly("name     n  end", "a     1234  x");
    }

    @Test
    void eastAsianCharactersTakeTwoPlaces() {
        Table table = new Table(2);
        table.add(List.of("トークン", "x"));
        table.add(List.of("abcdefgh", "y"));

        assertThat(table.lines()).containsExactly("トークン  x", "abcdefgh  y");
    }

    @Test
    void controlCharactersBecomeHarmless() {
        assertThat(Table.harmless("a\u001b[2Jb\nc\u202e")).isEqualTo("a?[2Jb c?");
    }
}
