import pytest
import torch
from instantreact_ssd.loss import Target

BOX, LABEL = torch.tensor([[0.1, 0.2, 0.3, 0.4]]), torch.tensor([0])


@pytest.mark.parametrize(
    ("boxes", "labels", "difficult", "said"),
    [
        (torch.tensor([[0.1, 0.2, 0.1, 0.4]]), LABEL, BOX, "boxes must have sides above 0"),
        (torch.tensor([[0.1, 0.2, torch.nan, 0.4]]), LABEL, BOX, "boxes must have sides above 0"),
        (BOX, LABEL, torch.tensor([[0.1, 0.4, 0.3, 0.2]]), "difficult must have sides above 0"),
        (torch.zeros(0), torch.zeros(0), BOX, r"boxes must be \(n, 4\), not \(0,\)"),
        (BOX, torch.tensor([0, 1]), BOX, r"there are 1 boxes, and labels of shape \(2,\)"),
    ],
)
def test_what_no_loss_can_be_of_is_refused(boxes, labels, difficult, said):
    with pytest.raises(ValueError, match=said):
        Target(boxes, labels, difficult)


def test_a_target_moves_with_all_that_it_has():
    moved = Target(BOX, LABEL, BOX, BOX).to("meta")
    assert {each.device.type for each in (moved.boxes, moved.labels, moved.difficult, moved.crowds)} == {"meta"}
