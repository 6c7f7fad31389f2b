package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ImageOrderTest {

    @Test
    void aRequestMayLeaveEverythingOut() {
        assertThat(ImageOrder.of("dall-e-3", 0, "", "")).isEqualTo(new ImageOrder(1, "1024x1024", "standard"));
        assertThat(ImageOrder.of("dall-e-2", 0, "", "")).isEqualTo(new ImageOrder(1, "1024x1024", ""));
        assertThat(ImageOrder.of("gpt-image-1", 2, "", "")).isEqualTo(new ImageOrder(2, "", "auto"));
    }

    @Test
    void theNumberIsBounded() {
        assertThat(ImageOrder.of("m", 128, "", "").count()).isEqualTo(128);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageOrder.of("m", 129, "", ""))
                .withMessage("n must be from 1 to 128: 129");
        assertThatIllegalArgumentException().isThrownBy(() -> ImageOrder.of("m", -1, "", ""));
    }

    @Test
    void aModelMakesOnlyItsSizes() {
        assertThatIllegalArgumentException().isThrownBy(() -> ImageOrder.of("dall-e-2", 1, "1024x1792", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> ImageOrder.of("dall-e-3", 1, "256x256", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageOrder.of("m", 1, "1024×1024", ""))
                .withMessageContaining("letter x");
        assertThat(ImageOrder.of("m", 1, "7x7", "any").size()).isEqualTo("7x7");
    }

    @Test
    void whatCameIsChargedFromOneToTheMost() {
        ImageOrder order = ImageOrder.of("m", 4, "", "");

        assertThat(order.delivered(2).count()).isEqualTo(2);
        assertThat(order.delivered(0).count()).isEqualTo(1);
        assertThat(order.delivered(500).count()).isEqualTo(128);
    }
}
