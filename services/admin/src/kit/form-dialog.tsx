import { Button, Modal } from '@mantine/core';
import classes from './form-dialog.module.css';
import { messages } from './messages.js';

interface FormDialogProps {
  title: string;
  action: string;
  busy: boolean;
  disabled?: boolean;
  /** At the other end of the foot: a way to delete. */
  aside?: React.ReactNode;
  onSubmit: () => void;
  onClose: () => void;
  children: React.ReactNode;
}

/** A few fields that are asked for before something is done. */
export function FormDialog(props: FormDialogProps) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      size={480}
      closeButtonProps={{ 'aria-label': messages.close }}
    >
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!props.disabled) props.onSubmit();
        }}
      >
        {props.children}
        <div className={classes.foot}>
          <div className={classes.aside}>{props.aside}</div>
          <Button onClick={props.onClose}>{messages.cancel}</Button>
          <Button
            type="submit"
            variant="filled"
            loading={props.busy}
            disabled={props.disabled ?? false}
          >
            {props.action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
