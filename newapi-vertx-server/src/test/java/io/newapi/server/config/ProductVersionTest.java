package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProductVersionTest {

    @Test
    void theBuildHasFilledInTheVersion() {
        assertThat(ProductVersion.current()).matches("\\d+\\.\\d+\\.\\d+(-\\w+)?");
    }
}
